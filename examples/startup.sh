#!/bin/bash
# Runs on every scheduler, worker and web server before Airflow starts; the service gives it five
# minutes. The network is private: nothing may be fetched here.
set -euo pipefail

# "hybrid" is scheduler and worker in one container (class mw1.micro).
case "${MWAA_AIRFLOW_COMPONENT:-}" in
  scheduler | worker | hybrid)
    export ORDERS_BUCKET="example-orders"
    ;;
esac
