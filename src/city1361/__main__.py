"""`python -m city1361` is the command `city1361`."""

from city1361.cli import main

main()
