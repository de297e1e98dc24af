# One image for web, worker and beat; compose says which command it runs.
FROM python:3.11.14-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Pango lays out the text of PDF reports.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app cyclemap \
    && mkdir -p /app /data && chown cyclemap /data

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes --only-binary :all: --no-deps -r requirements.txt
COPY . .
RUN python tools/catalogues.py compile \
    && CYCLEMAP_TRIAL=1 COLLECT=1 DATA_DIR=/tmp/build STATIC_ROOT=/app/static-collected python manage.py collectstatic --noinput \
    && rm -rf /tmp/build

USER cyclemap
ENV DATA_DIR=/data STATIC_ROOT=/app/static-collected
VOLUME /data
EXPOSE 8000
# Behind a proxy that ends TLS; as cyclemap/serving.py says (tests/test_deployment.py).
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=2", "--respawn-failed-workers", "--workers-kill-timeout=8", "--log-level=warning", "cyclemap.wsgi:application"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
