"""检查清单: signs worth a look, listed each night, never an accusation and never a score."""
