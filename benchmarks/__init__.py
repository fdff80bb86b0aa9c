"""Speed and memory on this machine, and a plain-Mesa twin of eight mechanisms that says what is right."""
