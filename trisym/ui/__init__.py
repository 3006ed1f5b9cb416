"""The Streamlit side of trisym: thin adapters, navigation, and the parts that pages share."""
