# Tells how each task ended on each host, one JSON a line.
import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: tell
    type: notification
    short_description: tells how each task ended
    description: one JSON a line
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "tell"

    def tell(self, result, outcome):
        if result._task.action == "meta":  # no task of a playbook, to `run`
            return
        step = {"name": result._task.get_name(), "host": result._host.get_name(), "outcome": outcome}
        file = os.path.basename(result._task.get_path().rsplit(":", 1)[0])
        line = {"case": file.rsplit(".", 1)[0], "step": step}
        with open(os.environ["TOLD"], "a") as told:
            told.write(json.dumps(line) + "\n")

    def v2_runner_on_ok(self, result):
        self.tell(result, "changed" if result._result.get("changed") else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.tell(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_skipped(self, result):
        self.tell(result, "skipped")

    def v2_runner_on_unreachable(self, result):
        self.tell(result, "unreachable")
