"""COCO files and COCO results: read only."""
