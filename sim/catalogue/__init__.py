"""Every number of the model: tables with unit, range, kind, source and grade, and the loader that reads them."""
