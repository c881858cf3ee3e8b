"""Quotas: how many people of which kinds are wanted, what a person counts as, and who is turned away.

A full quota has Heard recruit elsewhere. Nobody who writes is turned away but where the organiser demands it; AAPOR's
Standard Definitions call an interview that ends so 4.8.
"""
