"""What leaves the house: documents made from the map, the plan and the matrix."""
