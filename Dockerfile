# Two stages: the wheel and its pinned packages are installed in the first, only run in the second.
FROM python:3.13-slim-trixie AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/advocacy \
    && /opt/advocacy/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && pip install --no-cache-dir --require-hashes -r requirements-build.lock
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/advocacy/bin/pip install --no-cache-dir --no-deps /wheel/*.whl

# Its postgresql-client is 17, as the server in compose.yaml: pg_dump may not be older.
FROM python:3.13-slim-trixie
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --no-create-home advocacy \
    && install -d -m 0700 -o advocacy /data
COPY --from=build /opt/advocacy /opt/advocacy
ENV PATH=/opt/advocacy/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
# The process answers. Whether it can work is told by /readyz: starting it anew mends neither
# Slack nor the database.
ENV HEALTH_PORT=9000
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s CMD ["python", "-m", "bot.probe"]
CMD ["advocacy", "run", "--migrate"]
