"""Logs predictions and labels to Plumbline.

    import plumbline

    client = plumbline.Client(api_key="...", url="http://localhost:3000", model="eta", version="1")
    prediction_id = client.log_prediction({"distance": 728, "origin": "ATL"}, prediction="late", score=0.81)
    client.log_label(prediction_id, "on_time")
    client.flush()
"""

from ._version import __version__
from .client import Client
from .stats import Rejection, Stats

__all__ = ["Client", "Rejection", "Stats", "__version__"]
