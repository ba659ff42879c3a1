"""Exports through nbconvert: one offline page, one slide deck. Loads nbconvert, so the learner core never imports it."""
