"""一套网格: the phone pages of grid workers and residents."""
