# What ansible-core makes of inventories: groups with their hosts and children, and the variables of each host, one JSON.
import json
import sys

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.manager import VariableManager

magic = {"groups", "group_names", "inventory_hostname", "inventory_hostname_short", "omit", "playbook_dir"}


def listed(path):
    loader = DataLoader()
    inventory = InventoryManager(loader=loader, sources=[path])
    variables = VariableManager(loader=loader, inventory=inventory)
    groups = {
        name: {"hosts": sorted(h.name for h in group.get_hosts()), "children": sorted(g.name for g in group.child_groups)}
        for name, group in inventory.groups.items()
    }
    hosts = {}
    for host in inventory.get_hosts():
        every = variables.get_vars(host=host, include_hostvars=False)
        hosts[host.name] = {k: v for k, v in every.items() if k not in magic and not k.startswith("ansible_") and k not in ("environment", "inventory_dir", "inventory_file")}
    return {"groups": groups, "hosts": hosts}


print(json.dumps({path: listed(path) for path in sys.argv[1:]}))
