"""The Streamlit side of trisym: thin adapters, what pages share, and the live stage.

Until `st.navigation` has been called once, a fresh Streamlit server takes the folder pages/ for a
menu of its own: the first visitor who opens a page's address would get that page without the app
around it. app.py imports this package before there are visitors; under another entry the first
visitor's page does, and that visitor starts again through app.py.
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

_taken = PagesManager.uses_pages_directory
PagesManager.uses_pages_directory = False
if _taken:
    st.rerun()
