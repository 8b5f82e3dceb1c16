"""The ground floor: masks, RLE, painting, history and blending on numpy and OpenCV; no Qt, no network."""
