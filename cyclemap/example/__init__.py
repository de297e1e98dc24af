"""The example workspace: a consultancy with two clients, one of them surveyed twice.

Everybody and everything in it is invented. `cyclemap.example.workspace.load` writes it,
`manage.py demo` calls that.
"""

WORKSPACE = "ferrer"
PASSWORD = "cyclemap-demo"  # noqa: S105  documented, for trials only: see manage.py demo
CONSULTANT = "elena.ferrer@ferrer.example"
COLLEAGUE = "tomas.vidal@ferrer.example"
MANAGER = "noelia.prado@lunaria.example"
VIEWER = "lucia.pena@lunaria.example"
# The customer whose survey link is kept free, to answer as a customer would.
CUSTOMER = "carmen.rios@correo.example"
