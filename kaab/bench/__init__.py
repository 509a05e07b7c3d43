"""Time the main pages beside what bare Django could do at best, in one run.

Everything happens in this process, without a server and a line: what is compared is the
work that an answer costs. Absolute figures belong to one machine, the shares travel.
"""
