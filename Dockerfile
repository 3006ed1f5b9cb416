# The app from this checkout:  docker build -t trisym .  &&  docker run -p 8501:8501 trisym
# With an NVIDIA GPU:  docker build --build-arg CUDA=cu130 -t trisym .  &&  docker run --gpus all -p 8501:8501 trisym
FROM python:3.11-slim

# The PyTorch index to take torch from: cpu, or a CUDA version it is built for, such as cu130.
ARG CUDA=cpu

RUN useradd --create-home visitor && install -d -o visitor -g visitor /home/visitor/trisym
WORKDIR /home/visitor/trisym

COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --extra-index-url "https://download.pytorch.org/whl/${CUDA}" \
    -r requirements.txt

COPY --chown=visitor . .
USER visitor

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
