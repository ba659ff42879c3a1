"""Exports through nbconvert: one offline page, one slide deck. The learner core never imports it."""
