"""What a call meets before it is answered: rates (`throttle`), `faults`, and the `call_log`."""
