#!/usr/bin/env python3
"""What a person sees of steps: why one failed, and that Ctrl-C leaves nothing at work.

In: `steps.sh` beside this file, run by small scripts. Absent: timing, which is not what is tried.
"""

import os
import pathlib
import select
import signal
import subprocess
import tempfile
import unittest

STEPS = pathlib.Path(__file__).with_name("steps.sh")


class Steps(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, script: str) -> subprocess.Popen[str]:
        head = f"set -euo pipefail\n. {STEPS}\nsteps_begin test\n"
        return subprocess.Popen(
            ["bash", "-c", head + script],
            env=os.environ | {"DESKFLEET_CACHE": str(self.folder), "MARK": str(self.folder / "mark")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # As a terminal starts it; whoever runs this test in the background ignores the signal.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def test_a_failed_step_shows_the_end_of_its_log_even_if_no_line_looks_like_an_error(self) -> None:
        script = self.start("step 'One two' bash -c 'echo nothing special; exit 3'")
        told, _ = script.communicate(timeout=60)
        self.assertEqual(script.returncode, 3)
        self.assertIn("One two failed with status 3", told)
        self.assertIn("    nothing special", told)
        self.assertIn(f"the whole log: {self.folder}/logs/test/one-two.log", told)

    def test_a_failed_step_names_the_lines_that_look_like_errors(self) -> None:
        script = self.start("step Three bash -c 'echo error: no such thing; seq 50; exit 1'")
        told, _ = script.communicate(timeout=60)
        self.assertIn("    1:error: no such thing", told)

    def test_an_interrupt_ends_what_the_step_started_and_says_how_to_go_on(self) -> None:
        os.mkfifo(self.folder / "mark")
        inner = "trap '' INT; sleep 1000 & echo $! > \"$MARK\"; wait"
        script = self.start(f"STEPS_AFTER_INTERRUPT='do it again'\nstep Four bash -c '{inner}'\necho not reached")
        sleeper = os.pidfd_open(int((self.folder / "mark").read_text()))
        self.addCleanup(os.close, sleeper)
        os.killpg(script.pid, signal.SIGINT)
        told, _ = script.communicate(timeout=60)
        self.assertEqual(script.returncode, -signal.SIGINT)
        self.assertIn("Four was interrupted", told)
        self.assertIn("do it again", told)
        self.assertNotIn("not reached", told)
        ended, _, _ = select.select([sleeper], [], [], 60)
        self.assertTrue(ended, "what the step had started is still at work")


if __name__ == "__main__":
    unittest.main()
