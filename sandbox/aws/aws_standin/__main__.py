"""`python -m aws_standin`: the command line."""

from aws_standin.command_line import main

raise SystemExit(main())
