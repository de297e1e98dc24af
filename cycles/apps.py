from django.apps import AppConfig
from django.db.backends.signals import connection_created

from cyclemap.folding import teach


class CyclesConfig(AppConfig):
    name = "cycles"

    def ready(self) -> None:
        connection_created.connect(teach, dispatch_uid="cyclemap.folding")
