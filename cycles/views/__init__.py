"""Pages and changes of the map, one module a noun. `index` is the front page of a workspace."""

from cycles.views.workspace import index

__all__ = ["index"]
