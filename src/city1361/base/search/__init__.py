"""检索: finds rows by any piece of their text, Chinese included, and gives away nothing but candidate ids."""
