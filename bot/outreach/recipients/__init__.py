"""Whom an organiser may write to: from the cells of their spreadsheet to people in the vault, or what is wrong with it.

Nothing here shows a number or quotes a cell that could hold one.
"""
