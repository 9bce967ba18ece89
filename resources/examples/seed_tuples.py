"""Example 3 of minimalcluster's README, with only the import changed."""

from mcgui_core import MasterNode

master = MasterNode(HOST="127.0.0.1", PORT=8888, AUTHKEY="a key of your own")
master.start_master_server(if_join_as_worker=True)

envir_statement = """
f = lambda x:x[0]+x[1]
"""
master.load_envir(envir_statement, from_file=False)
master.register_target_function("f")

master.load_args([(1, 2), (3, 4), (5, 6), (7, 8)])

result = master.execute()

print(result)

master.shutdown()
