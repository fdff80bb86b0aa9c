"""The proposal of a generation: the last one, drawn together towards its mean and blurred by as much (Liu and West).

A kernel density of a thousand points in a dozen dimensions is rough where it is narrow, so that a few particles get all
the weight, and too wide where it is broad. Drawn together, the mixture keeps mean and covariance of the generation at
any width; a wide one leaves even weights. Parameters are normal scores under the prior, so no proposal falls outside.

Imported where pyabc is installed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pyabc.parameters import Parameter
from pyabc.transition import Transition

WIDTH = 1.3  # times the rule of thumb for one width in all directions
WIDEST = 0.95  # standard deviations of the generation


class ShrunkenKernel(Transition):  # type: ignore[misc]  # pyabc has no types
    """Mixture of normal densities around particles that are drawn towards their mean."""

    def fit(self, X: pd.DataFrame, w: np.ndarray) -> None:  # noqa: N803  (pyabc's name)
        """Take up a generation X, shape (n, n_parameters), with weights w, shape (n,)."""
        points = X.to_numpy(np.float64)
        n_effective, n_parameters = 1.0 / np.sum(w**2), points.shape[1]
        width = WIDTH * (4.0 / (n_effective * (n_parameters + 2.0))) ** (1.0 / (n_parameters + 4.0))
        width = min(width, WIDEST)
        mean, spread = w @ points, np.atleast_2d(np.cov(points.T, aweights=w))
        spread = spread + 1e-9 * np.eye(n_parameters)  # a parameter that does not vary at all
        self.names = list(X.columns)
        self.centres = mean + np.sqrt(1.0 - width**2) * (points - mean)
        self.factor = np.linalg.cholesky(width**2 * spread)
        self.inverse = np.linalg.inv(self.factor)
        self.whitened = self.centres @ self.inverse.T
        self.scale = -0.5 * n_parameters * np.log(2.0 * np.pi) - np.log(np.diag(self.factor)).sum()

    def rvs_single(self) -> Parameter:
        """One proposal, from numpy's global generator."""
        centre = self.centres[np.random.choice(len(self.centres), p=self.w)]  # noqa: NPY002  (as pyabc does)
        step = self.factor @ np.random.standard_normal(len(centre))  # noqa: NPY002
        return Parameter(dict(zip(self.names, centre + step, strict=True)))

    def pdf(self, x: Parameter | pd.Series | pd.DataFrame) -> float | np.ndarray:
        """Density at one parameter set or at each row of several."""
        if isinstance(x, pd.DataFrame):
            return np.array([self._density(row) for row in x[self.names].to_numpy(np.float64)])
        return self._density(np.array([x[name] for name in self.names], np.float64))

    def _density(self, point: np.ndarray) -> float:
        squares = ((self.inverse @ point - self.whitened) ** 2).sum(axis=1)
        return float(np.exp(self.scale) * (self.w @ np.exp(-0.5 * squares)))
