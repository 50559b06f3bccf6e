"""Acknowledge, parse, call one service, render."""
