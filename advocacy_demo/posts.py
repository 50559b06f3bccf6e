"""Three real posts of a public project's blog, as a comms team would queue them."""

from __future__ import annotations

from typing import Any

RELEASE: dict[str, Any] = {
    "title": "Announcing the Release of Apache Flink 1.20",
    "link": "https://flink.apache.org/2024/08/02/announcing-the-release-of-apache-flink-1.20/",
    "why": "The release that leads up to Flink 2.0: what changes, and what to prepare for.",
    "topics": "releases",
    "kind": "useful",
    "linkedin:0": (
        "Flink 1.20 is out, the last stop before 2.0. If you run stream processing, this is a "
        "good week to read what is going to change."
    ),
    "x:0": "Flink 1.20 is out, and it paves the way to 2.0. Worth ten minutes if you run it.",
    "bluesky:0": "Flink 1.20 is out: what is new, and what to prepare for before 2.0.",
}

AWARD: dict[str, Any] = {
    "title": "SIGMOD Systems Award for Apache Flink",
    "link": "https://flink.apache.org/2023/07/03/sigmod-systems-award-for-apache-flink/",
    "why": "Researchers honour a system that grew from a university project to daily use.",
    "topics": "community, awards",
    "kind": "community",
    "linkedin:0": (
        "The 2023 SIGMOD Systems Award went to Apache Flink. A lovely moment for everyone who "
        "ever sent a patch."
    ),
    "x:0": "Apache Flink received the 2023 SIGMOD Systems Award. Patches add up.",
    "bluesky:0": "The 2023 SIGMOD Systems Award went to Apache Flink. Patches add up.",
}

SINKS: dict[str, Any] = {
    "title": "Optimising the throughput of async sinks using a custom RateLimitingStrategy",
    "link": (
        "https://flink.apache.org/2022/11/25/"
        "optimising-the-throughput-of-async-sinks-using-a-custom-ratelimitingstrategy/"
    ),
    "why": "How to keep a fast job from overrunning a slow destination, with code to copy.",
    "topics": "engineering, performance",
    "kind": "useful",
    "linkedin:0": (
        "Sending faster is easy; sending as fast as the other side can take it is the interesting "
        "part. A clear walk through rate limiting in async sinks."
    ),
    "x:0": "How fast should a sink write? As fast as the other side can take it, and no faster.",
    "bluesky:0": "A clear walk through rate limiting in Flink's async sinks, with code.",
}

TOO_LONG_FOR_X = (
    "Flink 1.20 is out. It is the last minor release before 2.0, it brings a long list of things "
    "that operators and developers have been asking for, and it marks many old interfaces as "
    "leaving, so that everyone has the time to move before the next major version comes along "
    "and takes them away."
)
