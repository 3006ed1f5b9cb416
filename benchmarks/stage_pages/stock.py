"""The same page of stock parts: a slider turns the triangle, torch encodes it, Plotly draws it.

Two Plotly charts: the world, and the latent cloud of the first model.
"""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st
import torch

from benchmarks.stage_pages.models import networks, reference
from trisym.geometry import side_lengths
from trisym.ui.kit.triangle_scene import HOME_POSE


@st.cache_resource
def cloud(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Latents and perimeters of the reference set."""
    triangles = torch.tensor(reference(n)).reshape(n, 3, 3)
    with torch.no_grad():
        return networks(1)[0].encode(triangles), side_lengths(triangles).sum(-1)


def turned(degrees: float) -> torch.Tensor:
    """The triangle, turned about the upright axis through its centroid."""
    angle = torch.deg2rad(torch.tensor(degrees))
    c, s, o, i = torch.cos(angle), torch.sin(angle), torch.tensor(0.0), torch.tensor(1.0)
    rotation = torch.stack([torch.stack(row) for row in ((c, -s, o), (s, c, o), (o, o, i))])
    pose = torch.tensor(HOME_POSE)
    centroid = pose.mean(dim=0)
    return (pose - centroid) @ rotation.T + centroid


st.set_page_config(layout="wide")
degrees = st.slider("Turn", 0.0, 360.0, 0.0, step=1.0)
vertices = turned(degrees)
with torch.no_grad():
    latent = networks(1)[0].encode(vertices[None])[0]
latents, perimeters = cloud(int(st.query_params.get("n", "5000")))

left, right = st.columns(2)
around = torch.cat([vertices, vertices[:1]])
world = go.Figure(
    go.Scatter3d(x=around[:, 0], y=around[:, 1], z=around[:, 2], mode="lines+markers")
)
world.update_scenes(xaxis_range=[0, 1], yaxis_range=[0, 1], zaxis_range=[0, 1])
left.plotly_chart(world, key="world")
points = go.Scatter3d(
    x=latents[:, 0],
    y=latents[:, 1],
    z=latents[:, 2],
    mode="markers",
    marker={"size": 2, "color": perimeters, "colorscale": "Viridis"},
)
here = go.Scatter3d(x=[latent[0]], y=[latent[1]], z=[latent[2]], mode="markers")
right.plotly_chart(go.Figure([points, here]), key="latent")
