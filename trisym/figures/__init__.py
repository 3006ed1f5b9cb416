"""Result tables into Plotly and Altair figures."""
