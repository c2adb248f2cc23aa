"""clsm-map : quartiers prioritaires et dispositifs locaux de santé mentale."""
