"""Which numbers decide the outcomes: all parameters and doses are screened, the strongest looked at closely."""
