"""What is wrong with a file of ratings: told as of any file."""

from cyclemap.faults import MOST, Fault, Faults, FileFaultError, plain, refuse, shown

__all__ = ["MOST", "Fault", "Faults", "FileFaultError", "plain", "refuse", "shown"]
