"""A cycle as slides: native charts, tables and shapes, which whoever gets the deck can edit."""
