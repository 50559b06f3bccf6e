# Two stages: the wheel and its pinned packages are installed in the first, only run in the second.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock .
RUN python -m venv /opt/advocacy \
    && /opt/advocacy/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /opt/advocacy/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --no-create-home advocacy \
    && install -d -m 0700 -o advocacy /data
COPY --from=build /opt/advocacy /opt/advocacy
ENV PATH=/opt/advocacy/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER advocacy
WORKDIR /data
VOLUME /data
# The process is alive, and its database has the tables of this version.
HEALTHCHECK --interval=60s --timeout=20s --start-period=30s \
    CMD ["advocacy", "migrate", "--check"]
CMD ["advocacy", "run", "--migrate"]
