"""Retiring a day's partition: detached, summed up, checked against holds, dropped.

Each stage is committed by itself and can be killed anywhere: the next run goes on from what the
catalogue and the row of `Retirement` say.
"""
