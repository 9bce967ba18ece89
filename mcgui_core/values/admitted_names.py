"""What a pickle of somebody else's may name, so that opening it makes values and runs nothing.

An allow-list, by exact module and name, because a list of what is dangerous is never whole: each function of each
installed package can be named by a pickle, and "import this module" alone runs code. A name is here only where what it
does to whatever arguments is to make a value. `getattr`, `type`, `eval`, imports, files, and whatever takes a callable
and calls it, are not. What is made of a name that needs a check of its arguments is in data_constructors.py.

pandas and NumPy say where a class lives in other words from version to version: the names of all that are supported are
here (NumPy 1.26 and 2, pandas 2 and 3).
"""

from __future__ import annotations

#: Types that a value may hold as themselves (a column's type, the factory of a defaultdict), not to be called.
TYPES = {
    "builtins": "bool bytes dict float int list object str tuple",
    "numpy": (
        "bool bool_ bytes_ cdouble clongdouble complex128 complex64 csingle datetime64 double float16 float32 float64 "
        "half int16 int32 int64 int8 intc intp longdouble longlong matrix ndarray recarray record short single str_ "
        "timedelta64 ubyte uint16 uint32 uint64 uint8 uintc uintp ulong ulonglong ushort void byte long"
    ),
    "numpy.rec": "recarray",
    "numpy.ma": "MaskedArray",
    "numpy.ma.core": "MaskedArray",
}

#: Constants.
CONSTANTS = {"builtins": "Ellipsis NotImplemented"}

#: Written in C and immutable themselves, so that C's unpickler may be left alone with them.
PLAIN = {
    "builtins": "bytearray complex frozenset range set slice",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
}

_STANDARD = {
    "builtins": (
        "ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BufferError "
        "ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError EOFError "
        "Exception FileExistsError FileNotFoundError FloatingPointError GeneratorExit ImportError IndexError "
        "InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError "
        "NameError NotADirectoryError NotImplementedError OSError OverflowError PermissionError ProcessLookupError "
        "RecursionError ReferenceError RuntimeError StopAsyncIteration StopIteration SystemExit TabError TimeoutError "
        "TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError "
        "Warning UserWarning DeprecationWarning RuntimeWarning FutureWarning"
    ),
    "array": "_array_reconstructor array",
    "collections": "ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque",
    "mcgui_core.values.remote_call": "Call Raised",
    "ipaddress": "IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface IPv6Network",
    "pathlib": "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
    "pathlib._local": "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
    "types": "SimpleNamespace",
    "uuid": "SafeUUID UUID",
}

_OFFSETS = (
    "BDay BMonthBegin BMonthEnd BQuarterBegin BQuarterEnd BYearBegin BYearEnd BusinessDay BusinessHour "
    "BusinessMonthBegin BusinessMonthEnd CustomBusinessDay DateOffset Day Easter Hour Micro Milli Minute MonthBegin "
    "MonthEnd Nano QuarterBegin QuarterEnd Second SemiMonthBegin SemiMonthEnd Week WeekOfMonth YearBegin YearEnd"
)
_DTYPES = "CategoricalDtype DatetimeTZDtype IntervalDtype PeriodDtype SparseDtype"
_INDEXES = (
    "CategoricalIndex DatetimeIndex Index IntervalIndex MultiIndex PeriodIndex RangeIndex TimedeltaIndex DataFrame "
    "Series"
)
_INTEGERS = "Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype IntegerArray "
_FLOATS = "Float32Dtype Float64Dtype FloatingArray"
_PANDAS = {
    "pandas": f"{_INDEXES} {_DTYPES} {_INTEGERS} {_FLOATS} BooleanDtype Categorical DateOffset Interval NA Period "
    "StringDtype Timedelta Timestamp",
    "pandas.arrays": (
        "BooleanArray DatetimeArray FloatingArray IntegerArray IntervalArray NumpyExtensionArray PeriodArray "
        "SparseArray StringArray TimedeltaArray"
    ),
    "pandas._libs.arrays": "__pyx_unpickle_NDArrayBacked",
    "pandas._libs.internals": "BlockPlacement _unpickle_block",
    "pandas._libs.interval": "Interval",
    "pandas._libs.missing": "NA",
    "pandas._libs.sparse": "BlockIndex IntIndex",
    "pandas._libs.tslibs.nattype": "__nat_unpickle _nat_unpickle",
    "pandas._libs.tslibs.offsets": _OFFSETS,
    "pandas._libs.tslibs.period": "Period",
    "pandas._libs.tslibs.timedeltas": "Timedelta _timedelta_unpickle",
    "pandas._libs.tslibs.timestamps": "Timestamp _unpickle_timestamp",
    "pandas.core.arrays.boolean": "BooleanArray BooleanDtype",
    "pandas.core.arrays.categorical": "Categorical",
    "pandas.core.arrays.datetimes": "DatetimeArray",
    "pandas.core.arrays.floating": _FLOATS,
    "pandas.core.arrays.integer": _INTEGERS,
    "pandas.core.arrays.interval": "IntervalArray",
    "pandas.core.arrays.numpy_": "NumpyExtensionArray PandasArray",
    "pandas.core.arrays.period": "PeriodArray",
    "pandas.core.arrays.sparse.array": "SparseArray",
    "pandas.core.arrays.sparse.dtype": "SparseDtype",
    "pandas.core.arrays.string_": "StringArray StringDtype",
    "pandas.core.arrays.timedeltas": "TimedeltaArray",
    "pandas.core.dtypes.dtypes": _DTYPES,
    "pandas.core.frame": "DataFrame",
    "pandas.core.indexes.base": "Index _new_Index",
    "pandas.core.indexes.category": "CategoricalIndex",
    "pandas.core.indexes.datetimes": "DatetimeIndex _new_DatetimeIndex",
    "pandas.core.indexes.interval": "IntervalIndex _new_IntervalIndex",
    "pandas.core.indexes.multi": "MultiIndex",
    "pandas.core.indexes.period": "PeriodIndex _new_PeriodIndex",
    "pandas.core.indexes.range": "RangeIndex",
    "pandas.core.indexes.timedeltas": "TimedeltaIndex _new_TimedeltaIndex",
    "pandas.core.internals.managers": "BlockManager SingleBlockManager",
    "pandas.core.series": "Series",
    "dateutil.relativedelta": "relativedelta",
    "pytz": "_UTC _p",
}

#: What pandas keeps text in where pyarrow is installed. `pyarrow.lib.py_buffer` keeps bytes, and
#: `type_for_alias` looks a type up in a table.
_ARROW = {
    "pandas": "ArrowDtype",
    "pandas.arrays": "ArrowExtensionArray ArrowStringArray",
    "pandas.core.arrays.arrow.array": "ArrowExtensionArray",
    "pandas.core.arrays.string_arrow": "ArrowStringArray ArrowStringArrayNumpySemantics",
    "pandas.core.dtypes.dtypes": "ArrowDtype",
    "pyarrow.lib": "chunked_array py_buffer type_for_alias",
}

_PILLOW = {
    "PIL.Image": "Image",
    **{
        f"PIL.{kind}ImagePlugin": f"{kind}ImageFile"
        for kind in ("Bmp", "Gif", "Ico", "Jpeg", "Png", "Ppm", "Tiff", "WebP")
    },
}


def _pairs(*tables: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((module, name) for table in tables for module, names in table.items() for name in names.split())


#: (module, name) of what may be called, of what stands for itself, and of what C's unpickler may be left alone with.
CALLED = _pairs(PLAIN, _STANDARD, _PANDAS, _ARROW, _PILLOW)
KEPT = _pairs(TYPES, CONSTANTS)
CALLED_QUICKLY = _pairs(PLAIN)
