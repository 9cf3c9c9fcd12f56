"""From the ceremony to full membership: whose turn it is (`way`), and the decision (`decide`)."""
