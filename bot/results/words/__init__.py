"""What people said in their own words."""
