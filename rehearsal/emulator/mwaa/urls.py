"""Where MWAA answers; the operations come from the service model, so one pattern is enough."""

from rehearsal.emulator.mwaa.responses import MWAAResponse

url_bases = [r"https?://(?:(?:api|env|ops)\.)?airflow\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/.*$": MWAAResponse.dispatch}
