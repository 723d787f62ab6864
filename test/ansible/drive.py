# Carries out the cases with ansible-core, twice each, from one process that has loaded it already; tells one JSON a line.
import json
import os
import subprocess
import sys
from multiprocessing import Pool, current_process

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.update(
    ANSIBLE_CALLBACK_PLUGINS=os.path.join(HERE, "callback"),
    ANSIBLE_CALLBACKS_ENABLED="tell",
    ANSIBLE_GATHERING="explicit",
    ANSIBLE_HOME="/tmp/ansible",
    ANSIBLE_LOCAL_TEMP="/tmp/ansible/tmp",
    ANSIBLE_PIPELINING="true",
    ANSIBLE_RETRY_FILES_ENABLED="false",
    ANSIBLE_NOCOLOR="true",
    ANSIBLE_LOCALHOST_WARNING="false",
    LC_ALL="C.UTF-8",
)

from ansible.cli.playbook import PlaybookCLI  # noqa: E402
from ansible.executor import playbook_executor, task_executor  # noqa: E402, F401
from ansible.plugins.loader import action_loader, connection_loader, strategy_loader  # noqa: E402

action_loader.get("ansible.legacy.copy", class_only=True)
connection_loader.get("ansible.legacy.local", class_only=True)
strategy_loader.get("linear", class_only=True)


def play(batch, told):
    """One run in a process of its own, since ansible-core keeps what it has loaded of a playbook."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    current_process()._config["daemon"] = False  # ansible-core starts processes of its own
    os.environ["TOLD"] = told
    out = os.open(told + ".out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    words = ["ansible-playbook", "-i", os.path.join(HERE, "inventory.yml"), batch["file"]]
    # The node has no systemd that runs; that its program lies there would be taken for it.
    words += ["-e", '{"ansible_facts": {"service_mgr": "service"}}']
    status = 250
    try:
        status = PlaybookCLI(words).run()
    except SystemExit as end:
        status = end.code
    except BaseException as error:
        print(error)
        status = getattr(error, "exit_code", 1) if hasattr(error, "exit_code") else 1
    finally:
        sys.stdout.flush()
        os._exit(status or 0)


def tree(path):
    return subprocess.run(["sh", os.path.join(HERE, "tree.sh"), path], capture_output=True, text=True).stdout


def carry_out(batch):
    for case in batch["cases"]:
        for path in (case["here"], case["desk"]):
            os.makedirs(path, exist_ok=True)
        if case["before"]:
            subprocess.run(["sh", "-e", case["before"]], cwd=case["here"], check=True)
    runs = {case["name"]: [] for case in batch["cases"]}
    for run in (1, 2):
        told = "/tmp/ansible/told-%s-%d" % (batch["name"], run)
        open(told, "w").close()
        status = play(batch, told)
        lines = [json.loads(line) for line in open(told)]
        said = open(told + ".out").read()
        for case in batch["cases"]:
            steps = [line["step"] for line in lines if line["case"] == case["name"] or len(batch["cases"]) == 1]
            runs[case["name"]].append(
                {"status": status, "steps": steps, "tree": tree(case["here"]), "desk": tree(case["desk"]), "said": said}
            )
    return [{"name": name, "runs": ran} for name, ran in runs.items()]


if __name__ == "__main__":
    os.makedirs("/tmp/ansible/tmp", exist_ok=True)
    os.umask(0o022)
    with Pool(2) as pool:
        for ended in pool.imap_unordered(carry_out, json.load(sys.stdin)):
            for case in ended:
                print(json.dumps(case), flush=True)
