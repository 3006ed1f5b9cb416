"""The Streamlit side of trisym: thin adapters, what pages share, and the live stage.

Until `st.navigation` has been called once, a fresh Streamlit server takes the folder pages/ for a
menu of its own: the first visitor who opens a page's address would get that page without the app
around it. Every page imports this package, and that visitor starts again through app.py.
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()
