"""The consultant's side: step five of the method, one module for each thing on the page."""
