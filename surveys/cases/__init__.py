"""Cases: opened by a low score or by hand, worked on, closed only when the customer has been told."""
