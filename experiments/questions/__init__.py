"""Questions of planners, each a YAML file, and their answers: a sentence, its band, its price and what it rests on."""
