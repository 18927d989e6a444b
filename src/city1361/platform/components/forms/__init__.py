"""表单: forms declared by packages, their fields bound to data elements, their answers checked and kept."""
