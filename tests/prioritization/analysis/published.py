"""Small public data sets with published results, for the golden tests."""

import numpy as np

# Swiss fertility and socio-economic indicators of 47 provinces, about 1888 (R: datasets::swiss;
# Mosteller and Tukey 1977). Fertility, Agriculture, Examination, Education, Catholic, Infant.Mortality.
SWISS = np.array(
    """
80.2 17 15 12 9.96 22.2|83.1 45.1 6 9 84.84 22.2|92.5 39.7 5 5 93.4 20.2|85.8 36.5 12 7 33.77 20.3
76.9 43.5 17 15 5.16 20.6|76.1 35.3 9 7 90.57 26.6|83.8 70.2 16 7 92.85 23.6|92.4 67.8 14 8 97.16 24.9
82.4 53.3 12 7 97.67 21|82.9 45.2 16 13 91.38 24.4|87.1 64.5 14 6 98.61 24.5|64.1 62 21 12 8.52 16.5
66.9 67.5 14 7 2.27 19.1|68.9 60.7 19 12 4.43 22.7|61.7 69.3 22 5 2.82 18.7|68.3 72.6 18 2 24.2 21.2
71.7 34 17 8 3.3 20|55.7 19.4 26 28 12.11 20.2|54.3 15.2 31 20 2.15 10.8|65.1 73 19 9 2.84 20
65.5 59.8 22 10 5.23 18|65 55.1 14 3 4.52 22.4|56.6 50.9 22 12 15.14 16.7|57.4 54.1 20 6 4.2 15.3
72.5 71.2 12 1 2.4 21|74.2 58.1 14 8 5.23 23.8|72 63.5 6 3 2.56 18|60.5 60.8 16 10 7.72 16.3
58.3 26.8 25 19 18.46 20.9|65.4 49.5 15 8 6.1 22.5|75.5 85.9 3 2 99.71 15.1|69.3 84.9 7 6 99.68 19.8
77.3 89.7 5 2 100 18.3|70.5 78.2 12 6 98.96 19.4|79.4 64.9 7 3 98.22 20.2|65 75.9 9 9 99.06 17.8
92.2 84.6 3 3 99.46 16.3|79.3 63.1 13 13 96.83 18.1|70.4 38.4 26 12 5.62 20.3|65.7 7.7 29 11 13.79 20.5
72.7 16.7 22 13 11.22 18.9|64.4 17.6 35 32 16.92 23|77.6 37.6 15 7 4.97 20|67.6 18.7 25 7 8.65 19.5
35 1.2 37 53 42.34 18|44.7 46.6 16 29 50.43 18.2|42.8 27.7 22 29 58.33 19.3
""".replace("|", " ").split(),
    dtype=float,
).reshape(47, 6)

# Motor Trend 1974 (R: datasets::mtcars). mpg, cyl, disp, hp, wt of 32 cars.
MTCARS = np.array(
    """
21.0 6 160.0 110 2.620|21.0 6 160.0 110 2.875|22.8 4 108.0 93 2.320|21.4 6 258.0 110 3.215
18.7 8 360.0 175 3.440|18.1 6 225.0 105 3.460|14.3 8 360.0 245 3.570|24.4 4 146.7 62 3.190
22.8 4 140.8 95 3.150|19.2 6 167.6 123 3.440|17.8 6 167.6 123 3.440|16.4 8 275.8 180 4.070
17.3 8 275.8 180 3.730|15.2 8 275.8 180 3.780|10.4 8 472.0 205 5.250|10.4 8 460.0 215 5.424
14.7 8 440.0 230 5.345|32.4 4 78.7 66 2.200|30.4 4 75.7 52 1.615|33.9 4 71.1 65 1.835
21.5 4 120.1 97 2.465|15.5 8 318.0 150 3.520|15.2 8 304.0 150 3.435|13.3 8 350.0 245 3.840
19.2 8 400.0 175 3.845|27.3 4 79.0 66 1.935|26.0 4 120.3 91 2.140|30.4 4 95.1 113 1.513
15.8 8 351.0 264 3.170|19.7 6 145.0 175 2.770|15.0 8 301.0 335 3.570|21.4 4 121.0 109 2.780
""".replace("|", " ").split(),
    dtype=float,
).reshape(32, 5)

# Student's sleep data (R: datasets::sleep): extra hours with each of two drugs, ten patients.
SLEEP = np.array(
    [
        [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
        [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
    ]
)

# Martilla and James 1977, table 1: mean importance and performance of 14 attributes of a car dealer's
# service, both on four points; 284 respondents.
MARTILLA_JAMES = {
    "Job done right the first time": (3.83, 2.63),
    "Fast action on complaints": (3.63, 2.73),
    "Prompt warranty work": (3.60, 3.15),
    "Able to do any job needed": (3.56, 3.00),
    "Service available when needed": (3.41, 3.05),
    "Courteous and friendly service": (3.41, 3.29),
    "Car ready when promised": (3.38, 3.03),
    "Perform only necessary work": (3.37, 3.11),
    "Low prices on service": (3.29, 2.00),
    "Clean up after service work": (3.27, 3.02),
    "Convenient to home": (2.52, 2.25),
    "Convenient to work": (2.43, 2.49),
    "Courtesy buses and rental cars": (2.37, 2.35),
    "Send out maintenance notices": (2.05, 3.33),
}


def with_outcome_last(x: np.ndarray) -> np.ndarray:
    """(1, K+1, K+1) correlations of a table whose first column is the outcome."""
    return np.asarray(np.corrcoef(np.roll(x, -1, axis=1), rowvar=False))[None]
