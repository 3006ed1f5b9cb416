"""The page "Can physics alone teach it?": the networks of Fig. 15 under one hand, their forces."""
