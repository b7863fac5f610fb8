"""Registers the example's plugin, so that the Airflow UI lists it under Admin > Plugins."""

from airflow.plugins_manager import AirflowPlugin
from orders.totals import merge


class OrdersPlugin(AirflowPlugin):
    """Gives templates ``macros.orders_plugin.merge``."""

    name = "orders_plugin"
    macros = [merge]  # noqa: RUF012 - Airflow reads a plain list
